//! Whole replies, options, errors of a call.

use super::{Counter, SECRET, Service, Talker};
use crate::client::{Client, ErrorKind, Latency, ServiceTier, Trace};
use crate::model::{Model, Profile};
use aws_sdk_bedrockruntime::config::{BehaviorVersion, Region};
use aws_smithy_runtime_api::client::http::{SharedHttpConnector, http_client_fn};
use aws_smithy_runtime_api::client::result::ConnectorError;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_reply_keeps_all_that_came_with_it() {
    let body =
        r#"{"generation" : "Hi", "amazon-bedrock-guardrailAction": "INTERVENED", "amazon-bedrock-trace": {"a": 1}}"#;
    let headers = [
        ("content-type", "application/json"),
        ("x-amzn-bedrock-input-token-count", "11"),
        ("x-amzn-bedrock-output-token-count", "3"),
        ("x-amzn-bedrock-cache-read-input-token-count", "5"),
        ("x-amzn-bedrock-invocation-latency", "420"),
        ("x-amzn-bedrock-service-tier", "flex"),
        ("x-amzn-bedrock-performanceconfig-latency", "optimized"),
        ("x-brand-new", "1"),
    ];
    let reply = Service::default().answer(200, &headers, body).invoke().await.unwrap();
    assert_eq!(reply["generation"], "Hi");
    assert_eq!(reply.raw(), body.as_bytes());
    assert_eq!(reply.request_id(), Some("req-1"));
    let counts = reply.token_counts();
    assert_eq!(
        (counts.input, counts.output, counts.cache_read, counts.cache_write),
        (Some(11), Some(3), Some(5), None)
    );
    assert_eq!(reply.latency(), Some(Duration::from_millis(420)));
    assert_eq!(reply.first_byte_latency(), None);
    assert_eq!(reply.service_tier(), Some(ServiceTier::Flex));
    assert_eq!(reply.latency_mode(), Some(Latency::Optimized));
    assert_eq!(reply.content_type(), Some("application/json"));
    assert_eq!(reply.guardrail_intervened(), Some(true));
    assert_eq!(reply.guardrail_trace(), Some(json!({ "a": 1 })));
    assert_eq!(reply.header("X-Brand-New"), Some("1"));
    assert_eq!(reply.into_body()["generation"], "Hi");
}

#[tokio::test]
async fn options_go_where_bedrock_takes_them() {
    let service = Service::default().answer(200, &[], "{}").answer(200, &[], "{}");
    let ask = json!({ "prompt": "hi", "config": { "a": 1, "b": 2 } });
    service
        .client()
        .invoke(Profile::<Talker>::new("us"), &ask)
        .guardrail("gr1", "DRAFT")
        .trace(Trace::Enabled)
        .latency(Latency::Optimized)
        .service_tier(ServiceTier::Priority)
        .request_metadata([("team", "lab")])
        .merge("config", json!({ "b": 3, "c": [4] }))
        .await
        .unwrap();
    let arn = "arn:aws:bedrock:us-west-2:111122223333:imported-model/abc123def456";
    service.client().invoke(Talker.at(arn), &ask).await.unwrap();

    let asked = service.asked();
    assert!(asked[0].0.ends_with("/model/us.acme.talker-v1%3A0/invoke"), "{}", asked[0].0);
    assert_eq!(asked[0].1, json!({ "prompt": "hi", "config": { "a": 1, "b": 3, "c": [4] } }));
    assert!(asked[1].0.contains("imported-model%2Fabc123def456/invoke"), "{}", asked[1].0);
    assert_eq!(asked[1].1, ask);
    let requests = service.asked.lock().unwrap();
    for (name, value) in [
        ("content-type", "application/json"),
        ("accept", "application/json"),
        ("x-amzn-bedrock-guardrailidentifier", "gr1"),
        ("x-amzn-bedrock-guardrailversion", "DRAFT"),
        ("x-amzn-bedrock-trace", "ENABLED"),
        ("x-amzn-bedrock-performanceconfig-latency", "optimized"),
        ("x-amzn-bedrock-service-tier", "priority"),
        ("x-amzn-bedrock-request-metadata", r#"{"team":"lab"}"#),
    ] {
        assert_eq!(requests[0].headers().get(name), Some(value), "{name}");
    }
    assert_eq!(requests[1].headers().get("x-amzn-bedrock-trace"), None, "nothing is sent that was not set");
}

#[tokio::test]
async fn what_breaks_a_rule_is_not_sent_unless_unchecked() {
    let service = Service::default().answer(200, &[], "{}");
    let ask = json!({ "prompt": SECRET, "temperature": 1.5 });
    let error = service.client().invoke(Talker, &ask).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(error.violations().unwrap().iter().next().unwrap().path, "/temperature");
    assert!(error.to_string().contains("temperature") && !error.is_retryable(), "{error}");
    assert!(service.asked().is_empty());

    service.client().invoke(Talker, &ask).unchecked().await.unwrap();
    assert_eq!(service.asked()[0].1, ask);
}

#[tokio::test]
async fn a_call_can_be_spawned_although_its_request_is_gone() {
    let service = Service::default().answer(200, &[], r#"{"generation":"Hi"}"#);
    let call = {
        let ask = json!({ "prompt": "hi" });
        service.client().invoke(Talker, &ask).into_future()
    };
    let reply = tokio::spawn(call).await.unwrap().unwrap();
    assert_eq!(reply["generation"], "Hi");
}

#[tokio::test]
async fn errors_of_the_service_say_what_to_do() {
    let cases = [
        (
            400,
            "ValidationException",
            "Malformed input request: #: extraneous key [top_k] is not permitted",
            ErrorKind::Refused,
            false,
        ),
        (
            400,
            "ValidationException",
            "Invocation of model ID acme.talker-v1:0 with on-demand throughput isn’t supported.",
            ErrorKind::NeedsProfile,
            false,
        ),
        (
            404,
            "ResourceNotFoundException",
            "This model version has reached the end of its life.",
            ErrorKind::ModelRetired,
            false,
        ),
        (
            403,
            "AccessDeniedException",
            "You don't have access to the model with the specified model ID.",
            ErrorKind::AccessDenied,
            false,
        ),
        (
            403,
            "ExpiredTokenException",
            "The security token included in the request is expired",
            ErrorKind::Credentials,
            false,
        ),
        (429, "ThrottlingException", "Too many requests, please wait before trying again.", ErrorKind::Throttled, true),
        (400, "ServiceQuotaExceededException", "Too much.", ErrorKind::Quota, false),
        (429, "ModelNotReadyException", "Model is not ready for inference.", ErrorKind::NotReady, true),
        (408, "ModelTimeoutException", "Too slow.", ErrorKind::ModelTimeout, true),
        (503, "ServiceUnavailableException", "Sorry.", ErrorKind::Unavailable, true),
        (418, "BrandNewException", "Short and stout.", ErrorKind::Refused, false),
    ];
    for (status, code, message, kind, retryable) in cases {
        let headers = [("x-amzn-errortype", code), ("retry-after", "7")];
        let body = json!({ "message": message }).to_string();
        let error = Service::default().answer(status, &headers, body).invoke().await.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (kind, retryable), "{code}: {error:?}");
        assert_eq!((error.code(), error.status()), (Some(code), Some(status)), "{error:?}");
        assert_eq!((error.message(), error.request_id()), (Some(message), Some("req-1")), "{error:?}");
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        assert_eq!(error.model_id(), "acme.talker-v1:0");
        let shown = error.to_string();
        assert!(
            shown.starts_with("acme.talker-v1:0: ") && shown.contains(message) && shown.contains("req-1"),
            "{shown}"
        );
        assert!(!format!("{error} {error:?}").contains(SECRET));
        if kind == ErrorKind::NeedsProfile {
            assert!(shown.contains("us.acme.talker-v1:0, eu.acme.talker-v1:0"), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_model_error_has_the_models_own_status() {
    for (original, retryable) in [(500, true), (400, false)] {
        let body = json!({ "message": "It broke.", "originalStatusCode": original, "resourceName": "r" }).to_string();
        let headers = [("x-amzn-errortype", "ModelErrorException")];
        let error = Service::default().answer(424, &headers, body).invoke().await.unwrap_err();
        assert_eq!((error.kind(), error.original_status()), (ErrorKind::Model, Some(original)), "{error:?}");
        assert_eq!(error.is_retryable(), retryable);
    }
}

#[tokio::test]
async fn a_page_from_a_proxy_is_judged_by_its_status() {
    for (status, kind) in [(502, ErrorKind::Unavailable), (403, ErrorKind::AccessDenied)] {
        let page = "<html><body>Gateway</body></html>";
        let error =
            Service::default().answer(status, &[("content-type", "text/html")], page).invoke().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error:?} {error}");
    }
}

#[tokio::test]
async fn a_reply_that_is_not_understood_keeps_its_bytes() {
    let body = format!("{{\"text\":\"{SECRET}\"}}");
    let service = Service::default().answer(200, &[], body.clone());
    let error = service.client().invoke(Counter, &json!({})).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotUnderstood);
    assert_eq!(error.raw(), Some(body.as_bytes()));
    assert_eq!(error.request_id(), Some("req-1"));
    assert!(std::error::Error::source(&error).is_some());
    assert!(!format!("{error} {error:?}").contains(SECRET), "{error} {error:?}");
}

#[tokio::test]
async fn no_connection_and_no_credentials_are_told_apart() {
    let service = Service::default();
    service.answers.lock().unwrap().push_back(Err(ConnectorError::io("connection refused".into())));
    let error = service.invoke().await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Transport, true), "{error:?}");
    assert!(error.to_string().contains("connection refused"), "{error}");

    let conf = aws_sdk_bedrockruntime::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .http_client(http_client_fn(|_, _| SharedHttpConnector::new(Service::default())));
    for conf in [conf.clone(), conf.credentials_provider(NoCredentials)] {
        let client = Client::from(aws_sdk_bedrockruntime::Client::from_conf(conf.build()));
        let error = client.invoke(Talker, &json!({})).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials, "{error:?} {:?}", std::error::Error::source(&error));
    }
    let nowhere = aws_sdk_bedrockruntime::Config::builder().behavior_version(BehaviorVersion::latest()).allow_no_auth();
    let client = Client::from(aws_sdk_bedrockruntime::Client::from_conf(nowhere.build()));
    let error = client.invoke(Talker, &json!({})).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Setup, "{error:?} {:?}", std::error::Error::source(&error));
}

#[derive(Debug)]
struct NoCredentials;

impl aws_credential_types::provider::ProvideCredentials for NoCredentials {
    fn provide_credentials<'a>(&'a self) -> aws_credential_types::provider::future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let error = aws_credential_types::provider::error::CredentialsError::not_loaded("no profile");
        aws_credential_types::provider::future::ProvideCredentials::ready(Err(error))
    }
}

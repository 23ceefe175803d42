//! What goes over the wire: paths, headers, frames, refusals before the body is looked into.

mod common;

use aws_smithy_eventstream::frame::{DecodedFrame, MessageFrameDecoder};
use aws_smithy_types::event_stream::Message;
use base64::{Engine, engine::general_purpose::STANDARD};
use bedrock_local::{Server, answer::answer, server::StartError};
use bytes::BytesMut;
use common::{
    CANVAS, CLAUDE, LLAMA, TITAN,
    http::{Reply, SIGNATURE, invoke, path, post, stream},
    server,
};
use serde_json::{Value, json};

fn frames(reply: &Reply) -> Vec<Message> {
    let mut decoder = MessageFrameDecoder::new();
    let mut buffer = BytesMut::from(&reply.body[..]);
    let mut frames = Vec::new();
    while let DecodedFrame::Complete(message) = decoder.decode_frame(&mut buffer).unwrap() {
        frames.push(message);
    }
    assert!(buffer.is_empty(), "{} bytes are left over", buffer.len());
    frames
}

fn prompt() -> Value {
    json!({ "prompt": "Hi" })
}

#[tokio::test]
async fn a_reply_has_its_headers() {
    let server = server().await;
    let reply = invoke(&server, LLAMA, &prompt()).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.header("x-amzn-requestid"), "00000000-0000-4000-8000-000000000001");
    let body = reply.json();
    assert_eq!(reply.header("x-amzn-bedrock-input-token-count"), body["prompt_token_count"].to_string());
    assert_eq!(reply.header("x-amzn-bedrock-output-token-count"), body["generation_token_count"].to_string());
    assert!(reply.header("x-amzn-bedrock-invocation-latency").parse::<u64>().unwrap() > 0);
    assert_eq!(
        invoke(&server, LLAMA, &prompt()).await.header("x-amzn-requestid"),
        "00000000-0000-4000-8000-000000000002"
    );
    assert_eq!(
        invoke(&server, TITAN, &json!({ "inputText": "a" })).await.header("x-amzn-bedrock-output-token-count"),
        ""
    );
}

#[tokio::test]
async fn a_stream_is_framed() {
    let server = server().await;
    let body = json!({ "anthropic_version": "bedrock-2023-05-31", "max_tokens": 99, "messages": [{ "role": "user", "content": "Hi" }] });
    let reply = stream(&server, CLAUDE, &body).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), "application/vnd.amazon.eventstream");
    assert_eq!(reply.header("x-amzn-bedrock-content-type"), "application/json");
    let mut events = Vec::new();
    for frame in frames(&reply) {
        let headers: Vec<_> = frame
            .headers()
            .iter()
            .map(|header| (header.name().as_str(), header.value().as_string().unwrap().as_str()))
            .collect();
        assert_eq!(
            headers,
            [(":event-type", "chunk"), (":content-type", "application/json"), (":message-type", "event")]
        );
        let payload: Value = serde_json::from_slice(frame.payload()).unwrap();
        assert!(payload["p"].is_string());
        let event = STANDARD.decode(payload["bytes"].as_str().unwrap()).unwrap();
        events.push(serde_json::from_slice::<Value>(&event).unwrap());
    }
    assert_eq!(events, answer(server.catalog().get(CLAUDE).unwrap(), &body).events);
}

#[tokio::test]
async fn models_are_found_by_profile_and_arn() {
    let arn = "arn:aws:bedrock:us-east-1:111122223333:imported-model/abc123def456";
    let server =
        Server::builder().catalog(common::catalog()).bind_arn(arn, "meta.llama-fixture-v1:0").start().await.unwrap();
    for id in [LLAMA, arn, "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.meta.llama-fixture-v1:0"] {
        assert_eq!(invoke(&server, id, &prompt()).await.status, 200, "{id}");
    }
    assert_eq!(
        invoke(&server, &format!("arn:aws:bedrock:us-east-1::foundation-model/{TITAN}"), &json!({ "inputText": "a" }))
            .await
            .status,
        200
    );
    let error = |id: &'static str| {
        let server = &server;
        async move { invoke(server, id, &prompt()).await.error() }
    };
    assert_eq!(
        error("meta.llama-fixture-v1:0").await,
        "400 ValidationException: Invocation of model ID meta.llama-fixture-v1:0 with on-demand throughput isn\u{2019}t supported. \
         Retry your request with the ID or ARN of an inference profile that contains this model."
    );
    for unknown in ["acme.none", "eu.meta.llama-fixture-v1:0", "arn:aws:s3:::bucket"] {
        assert_eq!(error(unknown).await, "400 ValidationException: The provided model identifier is invalid.");
    }
    assert_eq!(
        error("arn:aws:bedrock:us-east-1:111122223333:imported-model/other").await,
        "404 ResourceNotFoundException: Could not resolve the foundation model from the provided model identifier."
    );
    let long = "a".repeat(2049);
    assert!(
        invoke(&server, &long, &prompt())
            .await
            .error()
            .ends_with("at 'modelId' failed to satisfy constraint: Member must have length less than or equal to 2048")
    );
    let bound = Server::builder().catalog(common::catalog()).bind_arn("arn:x", "acme.none").start().await;
    assert!(matches!(bound, Err(StartError::UnknownModel { .. })));
}

#[tokio::test]
async fn a_model_that_does_not_stream_says_so() {
    let server = server().await;
    let reply = stream(&server, CANVAS, &json!({})).await;
    assert_eq!(reply.error(), "400 ValidationException: The model is unsupported for streaming.");
}

#[tokio::test]
async fn unsigned_and_unknown_requests_are_refused() {
    let server = server().await;
    let send = |headers: Vec<(&'static str, &'static str)>| {
        let server = &server;
        async move { post(server, &path(LLAMA, "invoke"), &headers, prompt().to_string()).await }
    };
    assert_eq!(send(vec![]).await.error(), "403 MissingAuthenticationTokenException: Missing Authentication Token");
    assert_eq!(
        send(vec![("authorization", "AWS4-HMAC-SHA256 Signature=0")]).await.error(),
        "403 IncompleteSignatureException: Authorization header requires 'Credential' parameter."
    );
    let other = "AWS4-HMAC-SHA256 Credential=A/20250101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00";
    assert!(
        send(vec![("authorization", other)])
            .await
            .error()
            .starts_with("403 InvalidSignatureException: Credential should be scoped")
    );
    assert_eq!(send(vec![("authorization", "Bearer any")]).await.status, 200);
    assert_eq!(send(vec![("authorization", SIGNATURE)]).await.status, 200);
    let unknown = post(&server, "/model/a/b/invoke", &[], "").await;
    assert!(unknown.error().starts_with("404 UnknownOperationException"));
    assert!(unknown.header("x-bedrock-local-hint").contains("percent-encoded"));
}

#[tokio::test]
async fn configured_keys_are_asked_for() {
    let server = Server::builder()
        .catalog(common::catalog())
        .credentials("AKID", "secret")
        .api_key("token")
        .start()
        .await
        .unwrap();
    let send = |authorization: &'static str| {
        let server = &server;
        async move { post(server, &path(LLAMA, "invoke"), &[("authorization", authorization)], prompt().to_string()).await }
    };
    assert_eq!(send("Bearer token").await.status, 200);
    assert_eq!(
        send("Bearer other").await.error(),
        "403 AccessDeniedException: Authentication failed: Please make sure your API Key is valid."
    );
    assert!(
        send(SIGNATURE).await.error().starts_with("403 InvalidSignatureException: The request signature we calculated")
    );
    let stranger =
        "AWS4-HMAC-SHA256 Credential=OTHER/20250101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=00";
    assert_eq!(
        send(stranger).await.error(),
        "403 UnrecognizedClientException: The security token included in the request is invalid."
    );
}

#[tokio::test]
async fn headers_are_checked_and_said_back() {
    let server = server().await;
    let send = |name: &'static str, value: &'static str| {
        let server = &server;
        let headers = [("authorization", SIGNATURE), (name, value)];
        async move { post(server, &path(LLAMA, "invoke"), &headers, prompt().to_string()).await }
    };
    let reply = send("X-Amzn-Bedrock-Service-Tier", "flex").await;
    assert_eq!((reply.status.as_u16(), reply.header("x-amzn-bedrock-service-tier")), (200, "flex"));
    assert_eq!(send("X-Amzn-Bedrock-Trace", "ENABLED_FULL").await.status, 200);
    assert_eq!(
        send("X-Amzn-Bedrock-PerformanceConfig-Latency", "fast").await.error(),
        "400 ValidationException: 1 validation error detected: Value 'fast' at 'performanceConfigLatency' failed to satisfy \
         constraint: Member must satisfy enum value set: [standard, optimized]"
    );
    assert!(send("X-Amzn-Bedrock-GuardrailVersion", "one").await.error().contains("at 'guardrailVersion'"));
    assert!(
        send("X-Amzn-Bedrock-GuardrailIdentifier", "abc").await.error().contains("guardrail version must be specified")
    );
}

#[tokio::test]
async fn bodies_that_are_no_json_or_too_long() {
    let server = server().await;
    let send = |body: Vec<u8>| {
        let server = &server;
        async move { post(server, &path(LLAMA, "invoke"), &[("authorization", SIGNATURE)], body).await }
    };
    for body in [b"{\"prompt\": ".to_vec(), Vec::new(), vec![0xff], "[".repeat(200_000).into_bytes()] {
        assert_eq!(
            send(body).await.error(),
            "400 ValidationException: Malformed input request, please reformat your input and try again."
        );
    }
    assert!(
        send(vec![b' '; 25_000_001]).await.error().ends_with("Member must have length less than or equal to 25000000")
    );
    assert_eq!(invoke(&server, LLAMA, &json!({ "prompt": "a".repeat(24_000_000) })).await.status, 200);
}

#[tokio::test]
async fn what_came_in_can_be_looked_at() {
    let server = Server::builder().catalog(common::catalog()).keep(2).start().await.unwrap();
    invoke(&server, CLAUDE, &json!({})).await;
    invoke(&server, LLAMA, &prompt()).await;
    let headers = [("authorization", SIGNATURE), ("x-amzn-bedrock-trace", "ENABLED"), ("accept", "application/json")];
    post(&server, &path(LLAMA, "invoke"), &headers, "{\"promt\": 1}").await;
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(
        (requests[0].operation.as_str(), requests[0].model_id.as_str(), requests[0].status),
        ("InvokeModel", LLAMA, 200)
    );
    assert_eq!(requests[0].model.as_deref(), Some("meta.llama-fixture-v1:0"));
    assert_eq!(requests[0].json(), prompt());
    assert_eq!(requests[1].findings.len(), 2);
    assert!(requests[1].error.as_deref().unwrap().starts_with("ValidationException: Malformed input request"));
    assert_eq!(requests[1].headers["x-amzn-bedrock-trace"], "ENABLED");
    assert!(!format!("{requests:?}").contains("Signature=00"));
}

#[tokio::test]
async fn a_server_stops_when_it_is_dropped() {
    let server = server().await;
    let address = server.endpoint_url().replace("http://", "");
    drop(server);
    for _ in 0..100 {
        if tokio::net::TcpStream::connect(&address).await.is_err() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it still listens");
}

#[tokio::test]
async fn a_taken_port_is_an_error_that_tells_what_to_do() {
    let server = server().await;
    let port = server.endpoint_url().rsplit_once(':').unwrap().1.parse().unwrap();
    let error = Server::builder().catalog(common::catalog()).port(port).start().await.unwrap_err().to_string();
    assert!(error.ends_with("port 0 takes a free one"), "{error}");
    let error = Server::builder().catalog(Default::default()).start().await.unwrap_err().to_string();
    assert!(error.contains("cargo xtask regen"), "{error}");
}

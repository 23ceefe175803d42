//! The AWS SDK itself against the server: it signs, encodes paths and decodes frames on its own.

mod common;

use aws_sdk_bedrockruntime::{
    Client, Config,
    config::{BehaviorVersion, Credentials, Region},
    error::ProvideErrorMetadata,
    primitives::Blob,
    types::ResponseStream,
};
use bedrock_local::Server;
use common::{CLAUDE, LLAMA};
use serde_json::{Value, json};

fn client(server: &Server, secret: &str) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(server.endpoint_url())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("AKID", secret, Some("session".into()), None, "test"))
        .build();
    Client::from_conf(config)
}

fn body() -> Blob {
    let body = json!({ "anthropic_version": "bedrock-2023-05-31", "max_tokens": 99, "messages": [{ "role": "user", "content": "Hi" }] });
    Blob::new(body.to_string())
}

#[tokio::test]
async fn the_sdk_invokes_and_streams_with_verified_signatures() {
    let server = Server::builder().catalog(common::catalog()).credentials("AKID", "secret").start().await.unwrap();
    let client = client(&server, "secret");
    // Profile, colons and slashes in the path are part of what is signed.
    let arn = format!("arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.{CLAUDE}");
    let reply = client.invoke_model().model_id(&arn).body(body()).send().await.unwrap();
    assert_eq!(reply.content_type(), "application/json");
    let reply: Value = serde_json::from_slice(reply.body().as_ref()).unwrap();
    let text = reply["content"][0]["text"].as_str().unwrap();

    let mut stream =
        client.invoke_model_with_response_stream().model_id(CLAUDE).body(body()).send().await.unwrap().body;
    let mut streamed = String::new();
    while let Some(event) = stream.recv().await.unwrap() {
        let ResponseStream::Chunk(part) = event else { panic!("{event:?}") };
        let event: Value = serde_json::from_slice(part.bytes().unwrap().as_ref()).unwrap();
        streamed.push_str(event["delta"]["text"].as_str().unwrap_or_default());
    }
    assert_eq!(streamed, text);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn the_sdk_understands_refusals() {
    let server = Server::builder().catalog(common::catalog()).credentials("AKID", "secret").start().await.unwrap();
    let error =
        client(&server, "secret").invoke_model().model_id(LLAMA).body(Blob::new("{}")).send().await.unwrap_err();
    let error = error.into_service_error();
    assert!(error.is_validation_exception());
    assert_eq!(
        error.message(),
        Some("Malformed input request: #: required key [prompt] not found, please reformat your input and try again.")
    );
    let error = client(&server, "wrong").invoke_model().model_id(LLAMA).body(Blob::new("{}")).send().await.unwrap_err();
    assert_eq!(error.into_service_error().code(), Some("InvalidSignatureException"));
}

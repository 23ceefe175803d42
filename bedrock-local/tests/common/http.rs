//! A small HTTP client, so that the tests see what goes over the wire.

use axum::{
    body::Body,
    http::{HeaderMap, Request, StatusCode},
};
use bedrock_local::Server;
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::Value;

pub const SIGNATURE: &str =
    "AWS4-HMAC-SHA256 Credential=AKID/20250101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=00";

pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// `ValidationException: the message`
    pub fn error(&self) -> String {
        let kind = self.header("x-amzn-errortype").split(':').next().unwrap();
        format!("{} {kind}: {}", self.status.as_u16(), self.json()["message"].as_str().unwrap())
    }
}

pub async fn post(server: &Server, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Reply {
    let mut request = Request::post(format!("{}{path}", server.endpoint_url()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
    let reply = client.request(request.body(body.into()).unwrap()).await.unwrap();
    let (parts, body) = reply.into_parts();
    Reply { status: parts.status, headers: parts.headers, body: body.collect().await.unwrap().to_bytes() }
}

pub fn path(model: &str, operation: &str) -> String {
    let id = percent_encoding::utf8_percent_encode(model, percent_encoding::NON_ALPHANUMERIC);
    format!("/model/{id}/{operation}")
}

pub async fn invoke(server: &Server, model: &str, body: &Value) -> Reply {
    post(server, &path(model, "invoke"), &[("authorization", SIGNATURE)], body.to_string()).await
}

pub async fn stream(server: &Server, model: &str, body: &Value) -> Reply {
    let path = path(model, "invoke-with-response-stream");
    post(server, &path, &[("authorization", SIGNATURE)], body.to_string()).await
}

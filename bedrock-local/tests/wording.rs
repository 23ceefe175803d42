//! The texts of refusals: what the fact sheets quote, letter for letter.

mod common;

use bedrock_local::Server;
use common::{
    CHAT, CLAUDE, CLAUDE_NEW, COHERE, LLAMA, MISTRAL, MISTRAL_CHAT, NOVA,
    http::{SIGNATURE, invoke, path, post},
    server,
};
use serde_json::{Value, json};

async fn refusal(server: &Server, model: &str, body: Value) -> String {
    let error = invoke(server, model, &body).await.error();
    error.strip_prefix("400 ValidationException: ").unwrap_or_else(|| panic!("{error}")).to_owned()
}

fn claude(more: Value) -> Value {
    let mut body = json!({ "anthropic_version": "bedrock-2023-05-31", "max_tokens": 100, "messages": [{ "role": "user", "content": "Hi" }] });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

/// `meta.md` Known service errors, `mistral.md` Errors, `amazon.md` §13, `cohere.md` Errors.
#[tokio::test]
async fn the_older_check() {
    let server = server().await;
    let cases = [
        (LLAMA, json!({ "prompt": "Hi", "top_k": 5 }), "#: extraneous key [top_k] is not permitted"),
        (LLAMA, json!({}), "#: required key [prompt] not found"),
        (LLAMA, json!({ "prompt": "Hi", "max_gen_len": 4096 }), "#/max_gen_len: 4096 is not less or equal to 2048"),
        (LLAMA, json!({ "prompt": "Hi", "temperature": "a" }), "#/temperature: expected type: Number, found: String"),
        (MISTRAL, json!({ "prompt": "Hi", "top_p": 1.2 }), "#/top_p: 1.2 is not less or equal to 1"),
        (
            NOVA,
            json!({ "messages": [{ "role": "user", "content": [{ "cachePoint": {} }] }] }),
            "#/messages/0/content/0: extraneous key [cachePoint] is not permitted",
        ),
        (
            NOVA,
            json!({ "messages": [{ "role": "user", "content": [{ "text": "a" }] }], "toolConfig": { "tools": [{ "cachePoint": {} }] } }),
            "#/toolConfig/tools/0: extraneous key [cachePoint] is not permitted",
        ),
        (
            COHERE,
            json!({ "input_type": "search_query", "texts": ["a".repeat(19882)] }),
            "#/texts/0: expected maxLength: 2048, actual: 19882",
        ),
        (
            NOVA,
            json!({ "inputText": "a" }),
            "#: required key [messages] not found#: extraneous key [inputText] is not permitted",
        ),
    ];
    for (model, body, violations) in cases {
        let expected = format!("Malformed input request: {violations}, please reformat your input and try again.");
        assert_eq!(refusal(&server, model, body).await, expected);
    }
}

/// `anthropic.md` §13.
#[tokio::test]
async fn claude_on_the_older_stack() {
    let server = server().await;
    let say = |more: Value| refusal(&server, CLAUDE, claude(more));
    assert_eq!(
        say(json!({ "stream": true })).await,
        "Malformed input request: #: extraneous key [stream] is not permitted, please reformat your input and try again."
    );
    assert_eq!(
        refusal(
            &server,
            CLAUDE,
            json!({ "anthropic_version": "bedrock-2023-05-31", "messages": [{ "role": "user", "content": "Hi" }] })
        )
        .await,
        "Malformed input request: #: required key [max_tokens] not found, please reformat your input and try again."
    );
    assert_eq!(
        say(json!({ "temperature": 1, "top_p": 1 })).await,
        "`temperature` and `top_p` cannot both be specified for this model. Please use only one."
    );
    assert_eq!(
        say(json!({ "thinking": { "type": "enabled", "budget_tokens": 2000 } })).await,
        "`max_tokens` must be greater than `thinking.budget_tokens`."
    );
    assert_eq!(
        say(json!({ "thinking": { "type": "adaptive" } })).await,
        "adaptive thinking is not supported on this model"
    );
    assert_eq!(
        say(json!({ "messages": [{ "role": "assistant", "content": "Hi" }] })).await,
        "messages: first message must use the \"user\" role"
    );
    // Below the root the model server speaks, with the tags in its paths.
    assert_eq!(
        say(json!({ "tools": [{ "name": "a", "input_schema": {}, "eager_input_streaming": true }] })).await,
        "tools.0.custom.eager_input_streaming: Extra inputs are not permitted"
    );
    let block = json!({ "type": "text", "text": "a", "cache_control": { "type": "ephemeral", "scope": "global" } });
    assert_eq!(
        say(json!({ "messages": [{ "role": "user", "content": [block] }] })).await,
        "messages.0.content.0.text.cache_control.ephemeral.scope: Extra inputs are not permitted"
    );
    assert_eq!(
        say(json!({ "messages": [{ "role": "user", "content": [{ "type": "text" }] }] })).await,
        "messages.0.content.0.text.text: Field required"
    );
    assert_eq!(
        say(json!({ "messages": [{ "role": "user", "content": [{ "type": "txt" }] }] })).await,
        "messages.0.content.0: Input tag 'txt' found using 'type' does not match any of the expected tags: 'text', 'image', \
         'tool_use', 'tool_result', 'thinking'"
    );
    let image = json!({ "type": "image", "source": { "type": "base64", "media_type": "image/bmp", "data": "" } });
    assert_eq!(
        say(json!({ "messages": [{ "role": "user", "content": [image] }] })).await,
        "messages.0.content.0.image.source.base64.media_type: Input should be 'image/jpeg' or 'image/png'"
    );
}

/// `anthropic.md` §1 "Two back ends", §13.
#[tokio::test]
async fn claude_on_the_newer_stack() {
    let server = server().await;
    let say = |more: Value| refusal(&server, CLAUDE_NEW, claude(more));
    assert_eq!(say(json!({ "stream": true })).await, "stream: Extra inputs are not permitted");
    assert_eq!(say(json!({ "temperature": 0.5 })).await, "`temperature` is deprecated for this model.");
    assert_eq!(say(json!({ "max_tokens": 0 })).await, "max_tokens: Input should be greater than or equal to 1");
    assert_eq!(say(json!({ "system": 5 })).await, "system: Input should be a valid string");
    assert_eq!(refusal(&server, CLAUDE_NEW, json!({})).await, "anthropic_version: Field required");
}

/// `openai-compatible.md` §6, `mistral.md` Errors.
#[tokio::test]
async fn the_chats() {
    let server = server().await;
    let raw = "{\n  \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}],\n  \"thinking\": {}}";
    let reply = post(&server, &path(CHAT, "invoke"), &[("authorization", SIGNATURE)], raw).await;
    assert_eq!(
        reply.json()["message"],
        "The model returned the following errors: Failed to deserialize the JSON body into the target type: thinking: unknown \
         field `thinking`, expected one of `max_completion_tokens`, `messages`, `n`, `response_format`, `stop`, `temperature`, \
         `tool_choice`, `tools` at line 3 column 12"
    );
    assert_eq!(
        refusal(&server, CHAT, json!({})).await,
        "The model returned the following errors: Failed to deserialize the JSON body into the target type: missing field \
         `messages` at line 1 column 2"
    );
    assert_eq!(
        refusal(&server, CHAT, json!({ "messages": [{ "role": "usr" }] })).await,
        "The model returned the following errors: Failed to deserialize the JSON body into the target type: messages[0].role: \
         unknown variant `usr`, expected one of `system`, `developer`, `user`, `assistant` at line 1 column 26"
    );
    assert_eq!(
        refusal(&server, MISTRAL_CHAT, json!({ "messages": [{ "role": "user" }], "temperature": 2 })).await,
        "The model returned the following errors: Validation Error"
    );
}

#[tokio::test]
async fn a_refusal_is_explained_in_a_header() {
    let server = server().await;
    let reply = invoke(&server, LLAMA, &json!({ "promt": "Grüße", "max_gen_len": 0 })).await;
    assert_eq!(
        reply.header("x-bedrock-local-hint"),
        "the body: `prompt` is required | /promt: this model takes no `promt` here; did you mean `prompt`? It takes \
         `max_gen_len`, `prompt`, `temperature` and `top_p` | /max_gen_len: must \
         be at least 1, found 0"
    );
    assert_eq!(
        reply.header("x-amzn-errortype"),
        "ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/"
    );
}

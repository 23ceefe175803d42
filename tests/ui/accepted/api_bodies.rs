//! Bodies of many APIs, those of models that have ended included.

#![allow(deprecated)]

use bedrock_models::amazon::nova_canvas::NovaCanvas;
use bedrock_models::amazon::nova_lite::NovaLite;
use bedrock_models::amazon::titan_embed_text_v2::TitanEmbedTextV2;
use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::cohere::embed_english_v3::EmbedEnglishV3;
use bedrock_models::meta::llama_3_8b_instruct::Llama3_8bInstruct;
use bedrock_models::openai::gpt_oss_120b::GptOss120b;
use bedrock_models::request;
use serde_json::json;

use super::is;

#[test]
fn nova() {
    let ask = request!(NovaLite {
        "schemaVersion": "messages-v1",
        "system": [{ "text": "Be brief." }],
        "messages": [{ "role": "user", "content": [
            { "image": { "format": "png", "source": { "bytes": "aGVsbG8=" } } },
            { "text": "What is this?" },
        ] }],
        "inferenceConfig": { "maxTokens": 300, "topP": 0.1, "topK": 20, "temperature": 0.3 },
        "toolConfig": {
            "tools": [{ "toolSpec": {
                "name": "top_song",
                "description": "The most popular song",
                "inputSchema": { "json": { "type": "object", "properties": { "sign": { "type": "string" } } } },
            } }],
            "toolChoice": { "auto": {} },
        },
    });
    is(
        &ask,
        &json!({
            "schemaVersion": "messages-v1",
            "system": [{ "text": "Be brief." }],
            "messages": [{ "role": "user", "content": [
                { "image": { "format": "png", "source": { "bytes": "aGVsbG8=" } } },
                { "text": "What is this?" }
            ] }],
            "inferenceConfig": { "maxTokens": 300, "topP": 0.1, "topK": 20, "temperature": 0.3 },
            "toolConfig": {
                "tools": [{ "toolSpec": {
                    "name": "top_song",
                    "description": "The most popular song",
                    "inputSchema": { "json": { "type": "object", "properties": { "sign": { "type": "string" } } } }
                } }],
                "toolChoice": { "auto": {} }
            }
        }),
    );
}

#[test]
fn nova_canvas() {
    let ask = request!(NovaCanvas {
        taskType: "TEXT_IMAGE",
        textToImageParams: { text: "a lighthouse at dusk" },
        imageGenerationConfig: { width: 320, height: 320, numberOfImages: 1, seed: 7, cfgScale: 6.5 },
    });
    is(
        &ask,
        &json!({
            "taskType": "TEXT_IMAGE",
            "textToImageParams": { "text": "a lighthouse at dusk" },
            "imageGenerationConfig": { "width": 320, "height": 320, "numberOfImages": 1, "seed": 7, "cfgScale": 6.5 }
        }),
    );
}

#[test]
fn titan_embeddings() {
    let text = String::from("The sky is blue.");
    let ask =
        request!(TitanEmbedTextV2 { inputText: text, dimensions: 512, normalize: true, embeddingTypes: ["binary"] });
    is(
        &ask,
        &json!({ "inputText": "The sky is blue.", "dimensions": 512, "normalize": true, "embeddingTypes": ["binary"] }),
    );
}

#[test]
fn cohere_embeddings() {
    let ask = request!(EmbedEnglishV3 { input_type: "search_query", texts: ["a", "b"], truncate: "END" });
    is(&ask, &json!({ "input_type": "search_query", "texts": ["a", "b"], "truncate": "END" }));
}

#[test]
fn llama() {
    let ask = request!(Llama3_8bInstruct { prompt: "Hello", max_gen_len: 128, temperature: 0.5, top_p: 0.9 });
    is(&ask, &json!({ "prompt": "Hello", "max_gen_len": 128, "temperature": 0.5, "top_p": 0.9 }));
}

#[test]
fn chat_completions() {
    let ask = request!(GptOss120b {
        messages: [
            { role: "system", content: "Be brief." },
            { role: "user", content: [{ type: "text", text: "Hello" }] },
        ],
        max_completion_tokens: 150,
        reasoning_effort: "low",
        stop: ["END"],
        logit_bias: { "50256": -100 },
        metadata: { user: "me" },
        tools: [{ type: "function", function: { name: "weather", parameters: { type: "object" } } }],
        tool_choice: "auto",
    });
    is(
        &ask,
        &json!({
            "messages": [
                { "role": "system", "content": "Be brief." },
                { "role": "user", "content": [{ "type": "text", "text": "Hello" }] }
            ],
            "max_completion_tokens": 150,
            "reasoning_effort": "low",
            "stop": ["END"],
            "logit_bias": { "50256": -100.0 },
            "metadata": { "user": "me" },
            "tools": [{ "type": "function", "function": { "name": "weather", "parameters": { "type": "object" } } }],
            "tool_choice": "auto"
        }),
    );
}

/// Free JSON is anything, with expressions in it.
#[test]
fn claude_with_tools() {
    let unit = "celsius";
    let ask = request!(ClaudeHaiku4_5 {
        max_tokens: 1024,
        tools: [{
            name: "weather",
            description: "The weather somewhere",
            input_schema: {
                "type": "object",
                "properties": { "place": { "type": "string" }, "unit": { "enum": [unit, null, true, -1, 2.5, { }] } },
                "required": ["place"],
            },
        }],
        tool_choice: { type: "tool", name: "weather" },
        messages: [
            { role: "user", content: "How warm is it in Paris?" },
            { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: "weather", input: { place: "Paris" } }] },
            { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "20" }] },
        ],
    });
    is(
        &ask,
        &json!({
            "anthropic_version": "bedrock-2023-05-31",
            "max_tokens": 1024,
            "tools": [{
                "name": "weather",
                "description": "The weather somewhere",
                "input_schema": {
                    "type": "object",
                    "properties": {
                        "place": { "type": "string" },
                        "unit": { "enum": ["celsius", null, true, -1, 2.5, {}] }
                    },
                    "required": ["place"]
                }
            }],
            "tool_choice": { "type": "tool", "name": "weather" },
            "messages": [
                { "role": "user", "content": "How warm is it in Paris?" },
                { "role": "assistant", "content": [
                    { "type": "tool_use", "id": "toolu_1", "name": "weather", "input": { "place": "Paris" } }
                ] },
                { "role": "user", "content": [{ "type": "tool_result", "tool_use_id": "toolu_1", "content": "20" }] }
            ]
        }),
    );
}

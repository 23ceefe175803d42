use bedrock_models::request;

fn main() {
    let _ = request!({ max_tokens: 512 });
//~                  ^^^^^^^^^^^^^^^^^^^ ERROR expected the model before the body: `ClaudeHaiku4_5 { … }`
}

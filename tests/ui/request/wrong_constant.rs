use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let _ = request!(ClaudeHaiku4_5 {
        anthropic_version: "2023-06-01",
//~                        ^^^^^^^^^^^^ ERROR must be "bedrock-2023-05-31", found "2023-06-01"
        max_tokens: 512,
        messages: [{ role: "user", content: "Hello" }],
    });
}

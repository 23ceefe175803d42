use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let words = "512";
    let _ = request!(ClaudeHaiku4_5 {
        max_tokens: words,
//~                 ^^^^^ ERROR[E0308]
        messages: [{ role: "user", content: "Hello" }],
    });
}

use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let _ = request!(ClaudeHaiku4_5 {
        max_tokens: 512.5,
//~                 ^^^^^ ERROR expected a whole number, found 512.5
        messages: [{ role: "user", content: "Hello" }],
    });
}

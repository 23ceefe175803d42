use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let _ = request!(ClaudeHaiku4_5 {
        max_tokens: -1,
//~                 ^^ ERROR must be from 1 to 64000 for Claude Haiku 4.5, found -1
        messages: [{ role: "user", content: "Hello" }],
    });
}

use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let _ = request!(ClaudeHaiku4_5 {
        max_tokens: 512,
        temperature: 0.5,
        top_p: 0.9,
//~     ^^^^^ ERROR `temperature` and `top_p` can't be given together for Claude Haiku 4.5
        messages: [{ role: "user", content: "Hello" }],
    });
}

use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let number = 5;
    let _ = request!(ClaudeHaiku4_5 {
        max_tokens: 512,
        system: number,
//~             ^^^^^^ ERROR[E0277] System
        messages: [{ role: "user", content: number }],
//~                                         ^^^^^^ ERROR[E0277] MessageContent
    });
}

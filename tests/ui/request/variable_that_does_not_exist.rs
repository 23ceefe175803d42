use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let _ = request!(ClaudeHaiku4_5 {
        max_tokens: limit,
//~                 ^^^^^ ERROR[E0425] `limit`
        messages: [{ role: "user", content: question }],
//~                                         ^^^^^^^^ ERROR[E0425] `question`
    });
}

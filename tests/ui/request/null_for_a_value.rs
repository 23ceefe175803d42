use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let _ = request!(ClaudeHaiku4_5 {
        max_tokens: null,
//~                 ^^^^ ERROR expected a whole number, found null
        temperature: null,
//~                  ^^^^ ERROR `temperature` can't be null; leave it out instead
        messages: [{ role: "user", content: "Hello" }],
    });
}

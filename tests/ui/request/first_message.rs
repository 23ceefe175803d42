use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let _ = request!(ClaudeHaiku4_5 {
        max_tokens: 1024,
        messages: [{ role: "assistant", content: "Hello" }, { role: "user", content: "Hello" }],
//~                        ^^^^^^^^^^^ ERROR the first of `messages` must have the role "user", found "assistant": begin the conversation with a user message
    });
}

use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let _ = request!(ClaudeHaiku4_5 {
        max_tokens: 512,
        tool_choice: { type: "auto" },
//~     ^^^^^^^^^^^ ERROR `tool_choice` needs `tools` too
        messages: [{ role: "user", content: "Hello" }],
    });
}

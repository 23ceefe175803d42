use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let _ = request!(ClaudeHaiku4_5 {
        max_tokens: 1024,
        thinking: { type: "enabled", budget_tokens: 2048 },
//~                                                 ^^^^ ERROR `thinking.budget_tokens` (2048) must be less than `max_tokens` (1024): give max_tokens more than thinking.budget_tokens
        messages: [{ role: "user", content: "Hello" }],
    });
}

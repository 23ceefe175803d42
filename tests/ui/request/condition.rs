use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let _ = request!(ClaudeHaiku4_5 {
        max_tokens: 4096,
        temperature: 0.5,
//~                  ^^^ ERROR `temperature` must be at least 1, found 0.5, because `thinking.type` is "enabled"
        top_k: 40,
//~     ^^^^^ ERROR `top_k` can't be given, because `thinking.type` is "enabled"
        thinking: { type: "enabled", budget_tokens: 1024 },
        messages: [{ role: "user", content: "Hello" }],
    });
}

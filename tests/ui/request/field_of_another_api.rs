use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let _ = request!(ClaudeHaiku4_5 {
        max_tokens: 512,
        inferenceConfig: { maxTokens: 512 },
//~     ^^^^^^^^^^^^^^^ ERROR Claude Haiku 4.5 takes no `inferenceConfig` … it takes `amazon-bedrock-guardrailConfig` … , `top_p`
        messages: [{ role: "user", content: "Hello" }],
    });
}

use bedrock_models::anthropic::claude_opus_4_7::ClaudeOpus4_7;
use bedrock_models::request;

fn main() {
    let _ = request!(ClaudeOpus4_7 {
        max_tokens: 512,
        temperature: 0.5,
//~     ^^^^^^^^^^^ ERROR Claude Opus 4.7 takes no `temperature`; Claude 3 Opus, Claude Opus 4.1 and 21 other models do … it takes `amazon-bedrock-guardrailConfig` … , `user_profile_id`
        messages: [{ role: "user", content: "Hello" }],
    });
}

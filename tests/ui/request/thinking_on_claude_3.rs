use bedrock_models::anthropic::claude_3_haiku::Claude3Haiku;
use bedrock_models::request;

fn main() {
    let _ = request!(Claude3Haiku {
        max_tokens: 512,
        thinking: { type: "enabled", budget_tokens: 1024 },
//~     ^^^^^^^^ ERROR Claude 3 Haiku takes no `thinking`; Claude Haiku 4.5, Claude Haiku 5.5 and 18 other models do … it takes `amazon-bedrock-guardrailConfig` … , `top_p`
        messages: [{ role: "user", content: "Hello" }],
    });
}

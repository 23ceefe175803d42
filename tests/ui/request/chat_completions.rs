use bedrock_models::openai::gpt_oss_120b::GptOss120b;
use bedrock_models::request;

fn main() {
    let _ = request!(GptOss120b {
        messages: [{ role: "user", content: "Hello" }, { role: "robot", content: "Hello" }],
//~                                                            ^^^^^^^ ERROR `Message` of gpt-oss-120b has no role "robot" … it is "system", "developer", "user", "assistant", "tool" or "function"
        max_tokens: 100,
        max_completion_tokens: 100,
//~     ^^^^^^^^^^^^^^^^^^^^^ ERROR `max_tokens` and `max_completion_tokens` can't be given together for gpt-oss-120b
        reasoning_effort: "extreme",
//~                       ^^^^^^^^^ ERROR must be "none", "minimal", "low", "medium", "high", "xhigh" or "max", found "extreme"
        logit_bias: { "50256": -200 },
//~                            ^^^^ ERROR must be from -100 to 100 for gpt-oss-120b, found -200
        metadata: { user: 5 },
//~                       ^ ERROR expected a string, found 5
    });
}

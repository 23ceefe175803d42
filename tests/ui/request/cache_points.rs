use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let _ = request!(ClaudeHaiku4_5 {
        max_tokens: 512,
        messages: [{ role: "user", content: [
            // An input is the caller's own: what its keys are called is nobody's business.
            { type: "tool_use", id: "t1", name: "t", input: { cache_control: { type: "ephemeral" } } },
            { type: "text", text: "a", cache_control: { type: "ephemeral" } },
            { type: "text", text: "b", cache_control: { type: "ephemeral" } },
            { type: "text", text: "c", cache_control: null },
            { type: "text", text: "d", cache_control: { type: "ephemeral" } },
            { type: "text", text: "e", cache_control: { type: "ephemeral" } },
            { type: "text", text: "f", cache_control: { type: "ephemeral" } },
//~                                    ^^^^^^^^^^^^^ ERROR takes at most 4 `cache_control`, found 5: keep at most four cache points in a request
        ] }],
    });
}

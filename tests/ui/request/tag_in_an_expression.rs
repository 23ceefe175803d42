use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let kind = "text";
    let _ = request!(ClaudeHaiku4_5 {
        max_tokens: 512,
        messages: [{ role: "user", content: [{ type: kind, text: "Hello" }] }],
//~                                                  ^^^^ ERROR `type` chooses the variant and must be written out: "text" … or "tool_search_tool_result"
    });
}

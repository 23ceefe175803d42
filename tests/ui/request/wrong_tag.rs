use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let _ = request!(ClaudeHaiku4_5 {
        max_tokens: 512,
        messages: [{ role: "user", content: [{ type: "txt", text: "Hello" }] }],
//~                                                  ^^^^^ ERROR `ContentBlock` of Claude Haiku 4.5 has no type "txt"; did you mean "text"? … it is "text" … or "tool_search_tool_result"
    });
}

use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let _ = request!(ClaudeHaiku4_5 {
        max_tokens: 512,
        messages: [{ role: "user", content: [
            { type: "text", source: { type: "base64", media_type: "image/png", data: "aGVsbG8=" } },
//~                         ^^^^^^ ERROR `TextBlock` of Claude Haiku 4.5 has no `source`; that goes with `type` "image", "document" or "search_result" … it takes `cache_control`, `citations`, `text`
//~         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ERROR `TextBlock` needs `text`
        ] }],
    });
}

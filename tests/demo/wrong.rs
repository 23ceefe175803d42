//! Does not compile: that is the point. `cargo xtask demo` shows the compiler's words.

use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let ask = request!(ClaudeHaiku4_5 {
        max_tokens: 512,
        temperature: 1.5,
        thinking: { type: "adaptive" },
        messages: [{ role: "user", content: "Why is the sky blue?" }],
    });
    println!("{ask:?}");
}

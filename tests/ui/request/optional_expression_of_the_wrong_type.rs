use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let words = "0.5";
    let _ = request!(ClaudeHaiku4_5 {
        max_tokens: 512,
        temperature: words,
//~                  ^^^^^ ERROR[E0277] expected `f64` or `Option<f64>`, found `&str`
        messages: [{ role: "user", content: "Hello" }],
    });
}

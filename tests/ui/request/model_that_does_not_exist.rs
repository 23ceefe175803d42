use bedrock_models::{anthropic::claude_haiku_4_5, request};

fn main() {
    let _ = request!(claude_haiku_4_5::ClaudeHaiku45 { max_tokens: 512 });
//~                                    ^^^^^^^^^^^^^ ERROR[E0433] `ClaudeHaiku45`
}

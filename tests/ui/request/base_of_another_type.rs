use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let base = String::new();
    let _ = request!(ClaudeHaiku4_5 { max_tokens: 512, ..base });
//~                                                      ^^^^ ERROR[E0308]
}

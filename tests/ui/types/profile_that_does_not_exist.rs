use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;

fn main() {
    let _ = ClaudeHaiku4_5.apac();
//~                        ^^^^ ERROR[E0599] `apac`
}

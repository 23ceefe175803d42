use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let _ = request!(ClaudeHaiku4_5 { max_tokens = 512, 5: 6, system, "top_k" 5, temperature: });
//~                                              ^ ERROR expected `:` after `max_tokens`
//~                                                     ^ ERROR expected a key: a name, or a string in double quotes
//~                                                                           ^ ERROR expected `:` after `top_k`
//~                                                                                         ^ ERROR expected a value for `temperature`
//~                                 ^ ERROR Claude Haiku 4.5 needs `messages`
//~                                                           ^^^^^^ ERROR[E0425] `system`
}

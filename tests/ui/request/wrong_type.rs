use bedrock_models::anthropic::claude_haiku_4_5::ClaudeHaiku4_5;
use bedrock_models::request;

fn main() {
    let _ = request!(ClaudeHaiku4_5 {
        max_tokens: "512",
//~                 ^^^^^ ERROR expected a whole number, found "512"
        temperature: true,
//~                  ^^^^ ERROR expected a number, found true
        stop_sequences: "END",
//~                     ^^^^^ ERROR expected an array, found "END"
        system: 5,
//~             ^ ERROR expected a string or an array, found 5
        metadata: ["me"],
//~               ^^^^^^ ERROR expected an object (`Metadata`), found an array
        messages: { role: "user", content: "Hello" },
//~               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ERROR expected an array, found an object
    });
}

use bedrock_models::json::{Build, Extra, Json, Value};

#[derive(Debug, Json)]
#[json(request)]
enum Block {
//~  ^^^^^ ERROR say how the variants are told apart: `tag = "type"`, `key`, `kind` or `strings`
    Text(Value),
}

fn main() {}

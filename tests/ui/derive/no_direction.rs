use bedrock_models::json::{Build, Extra, Json, Value};

#[derive(Debug, Json)]
struct Request {
//~    ^^^^^^^ ERROR say `#[json(request)]` (unknown members are errors) or `#[json(reply)]` (they are kept)
    prompt: String,
}

fn main() {}

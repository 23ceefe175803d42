use bedrock_models::json::{Build, Extra, Json, Value};

#[derive(Debug, Json)]
#[json(request)]
struct Tuple(String);
//~    ^^^^^ ERROR `Json` takes structs with named fields

#[derive(Debug, Json)]
#[json(request)]
struct Generic<T> {
//~           ^^^ ERROR `Json` takes types without generic parameters
    value: T,
}

#[derive(Debug, Json)]
#[json(request, tag = "type")]
struct Tagged {
//~    ^^^^^^ ERROR `tag`, `key`, `kind` and `strings` are for enums
    value: String,
}

#[derive(Build)]
enum Built {
//~  ^^^^^ ERROR `Build` takes structs
    One,
}

fn main() {}

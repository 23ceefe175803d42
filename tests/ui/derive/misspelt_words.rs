use bedrock_models::json::{Build, Extra, Json, Value};

#[derive(Debug, Json)]
#[json(requests)]
//~    ^^^^^^^^ ERROR expected `request`, `reply`, `fixed("key" = value)`, `fixed_optional("key" = value)`, `from_str`, `tag = "key"`, `key`, `kind` or `strings`
struct Misspelt {
    prompt: String,
}

#[derive(Debug, Json)]
#[json(request)]
struct Field {
    #[json(renamed = "stop-at")]
//~        ^^^^^^^ ERROR expected `rename = "name"` or `null`
    stop_at: Option<String>,
}

#[derive(Debug, Json)]
#[json(request, tag = "type")]
enum Variant {
    #[json(defaults)]
//~        ^^^^^^^^ ERROR expected a name in quotes, a kind (`string`, `array`, `object`, `number`, `integer`, `boolean`, `null`), `default`, `whole`, `from_str`, `echo` or `other`
    Text(Value),
//~ ^^^^ ERROR say the tag: `#[json("text")]`
}

fn main() {}

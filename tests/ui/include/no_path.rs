mod none {
    bedrock_models::include_schema!();
//~ ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ERROR expected the path of a schema file
}

mod bare {
    bedrock_models::include_schema!(schemas / mine);
//~                                 ^^^^^^^ ERROR expected the path of a schema file and nothing else
}

mod two {
    bedrock_models::include_schema!("schemas/mine.json", "schemas/yours.json");
//~                                 ^^^^^^^^^^^^^^^^^^^ ERROR expected the path of a schema file and nothing else
}

mod number {
    bedrock_models::include_schema!(5);
//~                                 ^ ERROR expected the path of a schema file, in double quotes
}

fn main() {}

//! Keywords of JSON Schema, OpenAPI and older drafts that are not in the subset, and what to write instead.

/// `None` where nobody would expect the keyword to work.
pub(super) fn instead(keyword: &str) -> Option<&'static str> {
    Some(match keyword {
        "patternProperties" => {
            "name the keys under `properties`, or make a map with `additionalProperties` and `propertyNames`"
        }
        "prefixItems" | "additionalItems" => "a list has one type of item, given by `items`; use an object for a tuple",
        "contains" | "minContains" | "maxContains" => "use `x-rules`: `first-item`, `last-item` or `count-at-most`",
        "unevaluatedProperties" => {
            "use `\"additionalProperties\": false`; narrowing merges objects, so it sees all properties"
        }
        "unevaluatedItems" => "use `items` and `maxItems`",
        "dependentSchemas" => "use `dependentRequired`, or `if` and `then`",
        "dependencies" => "use `dependentRequired`, or `if` and `then`",
        "readOnly" => "describe the member only in the reply's definition",
        "writeOnly" => "describe the member only in the request's definition",
        "$anchor" => "refer to `#/$defs/Name`; for a definition that models narrow, use `$dynamicAnchor`",
        "$recursiveRef" | "$recursiveAnchor" => "use `$ref`: a definition may refer to itself",
        "$vocabulary" => "remove it: the subset is fixed",
        "definitions" => "use `$defs`",
        "id" => "use `$id` at the top of the file",
        "contentSchema" => "describe the content in `description`",
        "nullable" => "add \"null\" to `type`: `\"type\": [\"string\", \"null\"]`",
        "example" => "use `examples`, an array",
        "discriminator" => "give every arm of `oneOf` the property with a `const`: the tag is found by itself",
        _ => return None,
    })
}

use bedrock_models::amazon::nova_canvas::NovaCanvas;
use bedrock_models::request;

fn main() {
    let _ = request!(NovaCanvas { taskType: "TEXT_TO_IMAGE", textToImageParams: { text: "a lighthouse" } });
//~                                         ^^^^^^^^^^^^^^^ ERROR `Request` of Nova Canvas has no taskType "TEXT_TO_IMAGE"; did you mean "TEXT_IMAGE"? … it is "TEXT_IMAGE" … or "VIRTUAL_TRY_ON"
}

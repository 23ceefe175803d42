use bedrock_models::amazon::nova_micro::NovaMicro;
use bedrock_models::amazon::nova_pro::NovaPro;
use bedrock_models::model::{CallsTools, Model, SeesImages};

fn describe<M: Model + SeesImages + CallsTools>(_: M) {}

fn main() {
    describe(NovaPro);
    describe(NovaMicro);
//~          ^^^^^^^^^ ERROR[E0277] `NovaMicro` does not see images
}

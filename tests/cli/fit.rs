//! From labels to a model of one's own, which every command then judges by.

use crate::scratch::Scratch;

const FIRST: &str = "The harbour board of Vessen voted on Tuesday to close the old grain pier after inspectors found \
     that eleven of its forty wooden piles had rotted through. Ships will be sent to the north quay until spring, \
     board chair Ilse Marten said, and the forty dockers who work there will keep their pay. Repairs are put at \
     six million crowns, of which the state has promised half.";
const SECOND: &str = "Vessen's grain pier is to close. The harbour board decided so on Tuesday, after inspectors found \
     eleven of forty wooden piles rotten. Board chair Ilse Marten said ships would be sent to the north quay until \
     spring, and the forty dockers would keep their pay. The state has promised half of the six million crowns that \
     repairs are put at.";

fn day() -> Scratch {
    let story = |id: &str, text: &str| {
        format!("{{\"id\":\"{id}\",\"date\":\"2026-03-03\",\"source\":\"{id}\",\"text\":\"{text}\"}}\n")
    };
    Scratch::with(&[("day.jsonl", story("a", FIRST) + &story("b", SECOND))])
}

/// The built-in model with another start.
fn model(scratch: &Scratch, start: f32) -> String {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");
    scratch.run(&format!("fit {samples}/labels.jsonl {samples} --closed -o built.model -q"));
    let text = std::fs::read_to_string(scratch.path("built.model")).unwrap();
    let lines = text.lines().map(|line| {
        if line.starts_with("start\t") { format!("start\t{start}\n") } else { format!("{line}\n") }
    });
    lines.collect()
}

#[test]
fn a_model_is_written_and_its_gain_is_told() {
    let scratch = Scratch::new();
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");
    let told = scratch.run(&format!("fit {samples}/labels.jsonl {samples} --closed -o wire.model")).exits(0);
    assert!(told.starts_with("labelled pairs  "), "{told}");
    assert!(told.contains("after, on pairs not seen") && told.ends_with("written.\n"), "{told}");
    let text = std::fs::read_to_string(scratch.path("wire.model")).unwrap();
    assert!(text.contains("\nstart\t-") && text.contains("\ntopic\t"), "{text}");
    let told = scratch
        .run(&format!("fit {samples}/labels.jsonl {samples} --closed -o wire.model --format json"))
        .exits(0);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert!(told["gains"].is_boolean() && told["after"]["f1"].as_f64() >= Some(0.5), "{told}");
}

#[test]
fn every_command_judges_by_the_model() {
    let scratch = day();
    std::fs::write(scratch.path("strict.model"), model(&scratch, -40.0)).unwrap();
    let joined = |command: &str| scratch.run(command).exits(0).contains("\"type\":\"cluster\"");
    assert!(joined("scan day.jsonl --format jsonl"));
    assert!(!joined("scan day.jsonl --format jsonl --model strict.model"));
    // An index keeps it: what is added later is judged by it, too.
    scratch.run("index add own.db day.jsonl --model strict.model -q").exits(0);
    assert!(!joined("index list own.db --format jsonl"));
    scratch.run("index add built.db day.jsonl -q").exits(0);
    assert!(joined("index list built.db --format jsonl"));
    let refused = scratch.run("index add built.db day.jsonl --model strict.model").complains(2);
    assert!(refused.contains("made with model built-in, asked for of its own"), "{refused}");
}

#[test]
fn what_is_no_model_is_named() {
    let scratch = day();
    std::fs::write(scratch.path("bad.model"), "start\t-4\nweather\t2\n").unwrap();
    assert!(scratch.run("scan day.jsonl --model bad.model").complains(2).contains(
        "bad.model: line 2 of the model: expected the name of a signal of this program; fit it anew, \
             found `weather\t2`"
    ));
    assert!(
        scratch.run("scan day.jsonl --model none.model").complains(2).contains("none.model: cannot read")
    );
}

#[test]
fn too_few_labels_and_outputs_over_inputs_are_refused() {
    let scratch = day();
    let label = "{\"a\":\"a\",\"b\":\"b\",\"label\":1}\n";
    std::fs::write(scratch.path("l.jsonl"), label).unwrap();
    let refused = scratch.run("fit l.jsonl day.jsonl -o m.model").complains(2);
    assert!(refused.contains("expected at least 10 labelled pairs that the evidence decides"), "{refused}");
    assert!(!scratch.path("m.model").exists());
    scratch.run("fit l.jsonl day.jsonl -o l.jsonl").complains(2);
    scratch.run("fit l.jsonl day.jsonl -o day.jsonl").complains(2);
    assert_eq!(std::fs::read_to_string(scratch.path("l.jsonl")).unwrap(), label);
}

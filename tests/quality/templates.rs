//! From one form filled in thousands of times to a family that is named and stays apart.

use dedup::config::Config;
use dedup::scan::Scanner;
use dedup::story::Story;

/// A weather bulletin with places, numbers and words of its own in one text, and thousands like
/// it: consecutive ones share about half of their shingles.
fn bulletins(count: u32, own: usize) -> Vec<Story> {
    let mut state = 0x2545_f491_4f6c_dd1du64;
    let mut next = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let form = "The regional weather service said on Monday that temperatures in the valley would \
        reach # degrees by noon and fall to # after dark with winds of up to # kilometres an hour from \
        the west and showers spreading over the hills towards the end of the day while drivers on the \
        mountain roads were told to allow more time and to keep chains at hand above # metres where fresh \
        snow of # centimetres was expected until the front moves on to the east of the country tomorrow";
    (0..count)
        .map(|number| {
            let mut body = String::new();
            for word in form.split(' ') {
                body.push_str(&if word == "#" { next(900).to_string() } else { word.to_owned() });
                body.push(' ');
            }
            let details = (0..own).map(|_| format!("word{}", next(4_000))).collect::<Vec<_>>().join(" ");
            Story::new(format!("weather-{number:05}"), format!("{body}. {details}"))
        })
        .collect()
}

#[test]
fn a_template_family_stays_apart_and_is_named() {
    let stories = bulletins(5_000, 25);
    let started = std::time::Instant::now();
    let report = Scanner::new(Config::default()).scan(&stories);
    println!(
        "5,000 stories of one template: {} clusters, {:.1} s, {:?}",
        report.clusters.len(),
        started.elapsed().as_secs_f64(),
        report.warnings
    );
    // Of forms that name no outlet some are taken for versions of one another; a bound, not a goal.
    assert!(report.clusters.len() < 160, "{} clusters", report.clusters.len());
    assert!(report.warnings.iter().any(|warning| warning.contains("template")), "{:?}", report.warnings);
}

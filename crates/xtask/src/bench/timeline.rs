use std::{path::Path, process::Command};

use anyhow::Context as _;
use serde_json::Value;

use super::{client, row::Row, store};
use crate::{
    paths, process,
    servers::demo::{self, Demo},
    setup,
    step::step,
};

/// Points of the whole catalogue; its densest resource has a tenth of them.
const POINTS: usize = 1_000_000;

/// The timeline of a resource with 100,000 points in Chromium: how soon the next frame is painted
/// after each key, click and wheel, and how long scripts run per frame while it moves and zooms. The
/// catalogue is added to that of the demo, whose users sign in.
pub(super) fn measure(binary: &Path, data: &Path) -> anyhow::Result<Vec<Row>> {
    let database = format!("sqlite://{}", data.join("tidemark.db").display());
    let resource = step("Adding a million recovery points", || {
        store::fill(&database, POINTS)
    })?;
    let Demo { address, server } =
        step("Starting the console on them", || demo::serve(binary, data))?;
    let cookie = client::sign_in(&address, demo::USER, demo::PASSWORD)?;
    setup::npm::end2end()?;
    let chromium = setup::chromium::path()?;
    let text = step("Moving and zooming a timeline in Chromium", || {
        process::capture(
            Command::new("node")
                .current_dir(paths::end2end())
                .arg("bench/timeline.mjs")
                .env(setup::chromium::VARIABLE, chromium)
                .env("TIDEMARK_ADDRESS", format!("http://{address}"))
                .env("TIDEMARK_COOKIE", &cookie)
                .env("TIDEMARK_RESOURCE", &resource),
        )
    })?;
    drop(server);
    rows(&text)
}

fn rows(text: &str) -> anyhow::Result<Vec<Row>> {
    let figures: Value = serde_json::from_str(text.lines().last().unwrap_or_default())
        .context("the browser's figures are no JSON")?;
    let number = |name: &str| {
        let figure = figures.get(name).and_then(Value::as_f64);
        figure.with_context(|| format!("the browser tells no {name}"))
    };
    let (interaction, frame) = (number("interaction_p95")?, number("script_per_frame_p95")?);
    Ok(vec![
        Row::new(
            "Interaction to next paint p95, timeline with 100,000 points",
            "≤ 50 ms",
            format!(
                "{interaction:.1} ms over {:.0} interactions",
                number("interactions")?
            ),
            interaction <= 50.0,
        ),
        Row::new(
            "Scripting per frame p95, panning and zooming it",
            "≤ 8 ms",
            format!("{frame:.2} ms over {:.0} frames", number("frames")?),
            frame <= 8.0,
        ),
    ])
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::rows;

    #[test]
    fn a_slow_frame_misses_its_budget_alone() {
        let text = "noise\n{\"interaction_p95\": 32, \"interactions\": 60, \
                    \"script_per_frame_p95\": 9.5, \"frames\": 400}";
        let rows = rows(text).unwrap();
        assert_eq!(rows[0].holds, Some(true));
        assert_eq!(rows[1].holds, Some(false));
        assert_eq!(rows[1].figure, "9.50 ms over 400 frames");
    }

    #[test]
    fn missing_figures_are_an_error() {
        assert!(rows("{}").is_err());
    }
}

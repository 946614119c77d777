use std::process::Command;

use anyhow::Context as _;
use serde_json::{Value, json};

use super::row::Row;
use crate::{paths, process, setup};

const CHROME_FLAGS: &str = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run \
                            --disable-background-networking --disable-component-update --disable-sync";

/// What Lighthouse says of pages, with its desktop preset: one row per page.
pub(super) fn measure(
    address: &str,
    cookie: &str,
    pages: &[(&str, &str)],
) -> anyhow::Result<Vec<Row>> {
    setup::npm::end2end()?;
    let chromium = setup::chromium::path()?;
    pages
        .iter()
        .map(|(name, path)| {
            let report = process::capture(
                Command::new(paths::end2end().join("node_modules/.bin/lighthouse"))
                    .arg(format!("http://{address}{path}"))
                    .args([
                        "--preset=desktop",
                        "--output=json",
                        "--output-path=stdout",
                        "--quiet",
                    ])
                    .arg("--only-categories=performance,accessibility,best-practices")
                    .arg(format!("--chrome-flags={CHROME_FLAGS}"))
                    .arg(format!("--extra-headers={}", json!({ "Cookie": cookie })))
                    .env("CHROME_PATH", &chromium),
            )
            .with_context(|| format!("Lighthouse failed on {path}"))?;
            row(name, &serde_json::from_str(&report)?)
        })
        .collect()
}

fn row(name: &str, report: &Value) -> anyhow::Result<Row> {
    let score = |category: &str| number(report, &format!("/categories/{category}/score"));
    let audit = |name: &str| number(report, &format!("/audits/{name}/numericValue"));
    let performance = score("performance")? * 100.0;
    let accessibility = score("accessibility")? * 100.0;
    let practices = score("best-practices")? * 100.0;
    let paint = audit("largest-contentful-paint")?;
    let blocked = audit("total-blocking-time")?;
    let shift = audit("cumulative-layout-shift")?;
    let holds = performance >= 95.0
        && accessibility >= 100.0
        && practices >= 100.0
        && paint <= 1000.0
        && blocked <= 100.0
        && shift <= 0.01;
    Ok(Row::new(
        format!("Lighthouse, desktop preset: {name}"),
        "performance ≥ 95, accessibility 100, best practices 100; LCP ≤ 1.0 s, TBT ≤ 100 ms, CLS ≤ 0.01",
        format!(
            "{performance:.0}, {accessibility:.0}, {practices:.0}; LCP {:.2} s, TBT {blocked:.0} ms, CLS {shift:.3}",
            paint / 1000.0
        ),
        holds,
    ))
}

fn number(report: &Value, pointer: &str) -> anyhow::Result<f64> {
    report
        .pointer(pointer)
        .and_then(Value::as_f64)
        .with_context(|| format!("the report has no number at {pointer}"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::row;

    #[test]
    fn one_figure_over_its_budget_misses_it() {
        let report = |shift: f64| {
            json!({
                "categories": {
                    "performance": {"score": 0.97},
                    "accessibility": {"score": 1},
                    "best-practices": {"score": 1},
                },
                "audits": {
                    "largest-contentful-paint": {"numericValue": 640.0},
                    "total-blocking-time": {"numericValue": 12.0},
                    "cumulative-layout-shift": {"numericValue": shift},
                },
            })
        };
        assert_eq!(row("overview", &report(0.0)).unwrap().holds, Some(true));
        assert_eq!(row("overview", &report(0.2)).unwrap().holds, Some(false));
    }

    #[test]
    fn a_report_without_a_score_is_an_error() {
        assert!(row("overview", &json!({})).is_err());
    }
}

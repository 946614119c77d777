use clap::Args;
use jiff::{Timestamp, tz::TimeZone};
use tidemark_domain::schedule::AwsCron;

use crate::cli::{CliError, Global, Outcome, output::line};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark plans next \"cron(0 5 ? * MON-FRI *)\" --tz Europe/Berlin --count 3"
)]
pub(crate) struct Options {
    /// Schedule, as AWS writes it
    #[arg(value_name = "CRON")]
    schedule: String,
    /// Time zone in which it is read
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    tz: String,
    /// After this moment; now by default
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// How many: 1 to 10,000
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    count: u16,
}

/// Lists the next moments at which a schedule fires.
pub(super) fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let cron = AwsCron::parse(&options.schedule)?;
    let zone = TimeZone::get(&options.tz).map_err(|_| {
        CliError::Usage(format!(
            "{:?} is not the name of a time zone such as Europe/Berlin",
            options.tz
        ))
    })?;
    let from = options.from.unwrap_or_else(Timestamp::now);
    let moments: Vec<Timestamp> = cron
        .after(from, &zone)
        .take(usize::from(options.count))
        .collect();
    let output = global.output();
    if moments.is_empty() && !output.is_json() {
        line(&never(&cron, from, &zone))?;
        return Ok(Outcome::Failed);
    }
    output.table(&moments, &["UTC", "LOCAL", "DAY"], |moments| {
        moments
            .iter()
            .map(|at| {
                let local = at.to_zoned(zone.clone());
                vec![
                    at.to_string(),
                    local.strftime("%Y-%m-%d %H:%M %:z").to_string(),
                    local.strftime("%a").to_string(),
                ]
            })
            .collect()
    })?;
    // A schedule that never fires again is seldom what was meant.
    Ok(if moments.is_empty() {
        Outcome::Failed
    } else {
        Outcome::Done
    })
}

fn never(cron: &AwsCron, from: Timestamp, zone: &TimeZone) -> String {
    match cron.before(from, zone) {
        Some(last) => format!(
            "{cron} never fires after {from}: the last time was {}",
            last.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M %:z")
        ),
        None => {
            format!("{cron} never fires: no such day comes in the months and years that it names")
        }
    }
}

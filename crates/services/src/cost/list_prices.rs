use tidemark_domain::{Invalid, cost::PriceList};

/// The prices that come with the console, each with its source and date.
const PRICES: &str = include_str!("prices.json");

/// The prices that come with the console.
pub fn list_prices() -> Result<PriceList, Invalid> {
    read(PRICES)
}

/// The same with a person's own prices before them; `own` is JSON of the same form.
pub fn prices_with(own: &str) -> Result<PriceList, Invalid> {
    Ok(list_prices()?.with_own(read(own)?))
}

fn read(text: &str) -> Result<PriceList, Invalid> {
    let prices: PriceList = serde_json::from_str(text)
        .map_err(|error| Invalid::new("prices", format!("cannot be read: {error}")))?;
    prices.check()?;
    Ok(prices)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use tidemark_domain::cost::PriceKind;

    use super::*;

    #[test]
    fn every_price_that_comes_with_the_console_has_a_source_and_none_is_newer_than_the_list() {
        let prices = list_prices().unwrap();
        assert!(prices.prices.len() > 10);
        for price in &prices.prices {
            assert!(price.source.starts_with("https://"), "{price:?}");
            assert!(price.date <= prices.as_of, "{price:?}");
        }
    }

    #[test]
    fn own_prices_come_first_and_broken_ones_are_refused() {
        let own = |amount: &str| {
            format!(
                r#"{{"as_of": "2026-10-01", "currency": "EUR", "prices": [{{"resource_type": "DynamoDB", "region": "eu-west-1", "kind": "warm_gb_month", "amount": {amount}, "source": "our contract", "date": "2026-10-01"}}]}}"#
            )
        };
        let prices = prices_with(&own("0.5")).unwrap();
        let price = prices
            .find(
                &"DynamoDB".into(),
                &"eu-west-1".parse().unwrap(),
                PriceKind::WarmGbMonth,
            )
            .unwrap();
        assert_eq!(price.source, "our contract");
        assert_eq!(prices.currency, "EUR");
        assert!(prices_with(&own("-1")).is_err());
        assert!(prices_with("{}").is_err());
    }
}

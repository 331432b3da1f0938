"""What every layer knows: records, messages, outcomes, errors, retries, URLs, identity, text. No input or output."""

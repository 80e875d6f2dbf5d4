"""The pages: HTML that works without JavaScript, in English and Filipino."""

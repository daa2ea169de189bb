"""Kommunstyrelsens uppsikt: årets plan, och ett underlag per enhet till tillfället då den kallas."""

# Words of Sekisho in English. Every key stands in ja.ftl too; a test holds them together.

## Signals: familiarity

## Signals: velocity

## Signals: infrastructure

## Signals: travel

## Signals: change

## Signals: purchase

## Signals: links

## Signals: exposure

## Verdicts, standings and patterns

## Problems

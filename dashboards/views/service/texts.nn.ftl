### Det sida om ei teneste seier, på nynorsk: svaret. Resten står på bokmål.

service-answer-USE = { $use }, og { $n } { $noun } hadde tenesta i bruk i { $month }.
service-answer-EVENT = { $use }, og { $n } { $noun } hadde aktivert tenesta i { $month }.
service-answer-unobserved = { $use }, og inga kjelde har meldt kven som har teke tenesta i bruk.
service-uptake = Sjå kvar tenesta er teken i bruk, og kven som står for tur
service-uptake-title-USE = { $n } { $noun } hadde tenesta i bruk i { $month }
service-uptake-title-EVENT = { $n } { $noun } hadde aktivert tenesta i { $month }
service-customers-without = { $n } { $noun } bruker tenesta utan at vedlegget er signert: { $who }.

import HeadwaterDedupe
import Testing
